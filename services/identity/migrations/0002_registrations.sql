CREATE TABLE "registrations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text NOT NULL,
	"peppered" boolean NOT NULL,
	"browser_hash" text NOT NULL,
	"tx" text,
	"code_mac" text,
	"code_expires_at" timestamp (3) with time zone NOT NULL,
	"tries" integer NOT NULL,
	"last_asked_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "registrations_email_browser" ON "registrations" USING btree ("email","browser_hash");--> statement-breakpoint
CREATE INDEX "registrations_expires_at" ON "registrations" USING btree ("expires_at");